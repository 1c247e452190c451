"""The council's web forms: Questionnaires as pages that anybody can use, and what arrives by them."""
