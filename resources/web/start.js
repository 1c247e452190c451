// GOV.UK Frontend's own script makes good things better; nothing here is needed to fill in a form.
import { initAll } from './govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
