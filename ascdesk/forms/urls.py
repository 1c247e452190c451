"""The addresses of the FHIR and SDC extensions that the compiler knows, and what becomes of the others."""

from __future__ import annotations

CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
OURS = "https://ascdesk.example/fhir/StructureDefinition/"

ENABLE_WHEN_EXPRESSION = SDC + "enableWhenExpression"
CALCULATED_EXPRESSION = SDC + "calculatedExpression"
INITIAL_EXPRESSION = SDC + "initialExpression"
VARIABLE = CORE + "variable"
TARGET_CONSTRAINT = CORE + "targetConstraint"
QUESTIONNAIRE_CONSTRAINT = CORE + "questionnaire-constraint"
LAUNCH_CONTEXT = SDC + "launchContext"
ITEM_POPULATION_CONTEXT = SDC + "itemPopulationContext"
TRANSLATION = CORE + "translation"
ORDINAL_VALUE = CORE + "ordinalValue"
ITEM_WEIGHT = CORE + "itemWeight"
OPTION_EXCLUSIVE = CORE + "questionnaire-optionExclusive"

# Extensions with one plain value: address, the field of a node it fills, the FHIR types its value may have.
PLAIN: dict[str, tuple[str, tuple[str, ...]]] = {
    CORE + "questionnaire-hidden": ("hidden", ("valueBoolean",)),
    CORE + "questionnaire-choiceOrientation": ("orientation", ("valueCode",)),
    CORE + "questionnaire-minOccurs": ("min_occurs", ("valueInteger",)),
    CORE + "questionnaire-maxOccurs": ("max_occurs", ("valueInteger",)),
    CORE + "questionnaire-unit": ("unit", ("valueCoding",)),
    CORE + "questionnaire-unitOption": ("unit_options", ("valueCoding",)),
    CORE + "questionnaire-itemControl": ("control", ("valueCodeableConcept",)),
    CORE + "questionnaire-displayCategory": ("category", ("valueCodeableConcept",)),
    CORE + "questionnaire-sliderStepValue": ("step", ("valueInteger",)),
    CORE + "questionnaire-supportLink": ("support_links", ("valueUri",)),
    CORE + "entryFormat": ("entry_format", ("valueString",)),
    CORE + "regex": ("regex", ("valueString",)),
    CORE + "minLength": ("min_length", ("valueInteger",)),
    CORE + "maxDecimalPlaces": ("decimals", ("valueInteger",)),
    CORE + "maxSize": ("max_size", ("valueDecimal", "valueInteger")),
    CORE + "mimeType": ("mime_types", ("valueCode", "valueString")),
    CORE + "minValue": ("min_value", ()),
    CORE + "maxValue": ("max_value", ()),
    SDC + "shortText": ("short_text", ("valueString",)),
    SDC + "openLabel": ("open_label", ("valueString",)),
}
# Ways of showing an item that are followed here, or that its kind is shown in anyway; others are noted.
SHOWN: frozenset[str] = frozenset(
    {"page", "help", "flyover", "prompt", "unit", "tab-container", "header", "footer", "inline", "list",
     "radio-button", "check-box", "drop-down", "text-box", "text-area", "spinner"}
)  # fmt: skip
MANY = frozenset({"unit_options", "mime_types", "support_links"})

# These change what is asked, offered or accepted, and are not in the subset: a form that has one is refused.
REFUSED: dict[str, str] = {
    SDC + "answerExpression": "answers offered by an expression are not supported; list them as answerOption",
    SDC + "candidateExpression": "answers offered by an expression are not supported; list them",
    SDC + "answerOptionsToggleExpression": "options that come and go are not supported; use separate items",
    SDC + "contextExpression": "a choice made from a server's data is not supported",
    SDC + "subQuestionnaire": "assemble the form first; parts in other files are not fetched",
    SDC + "minQuantity": "limits by quantity are not supported; use minValue",
    SDC + "maxQuantity": "limits by quantity are not supported; use maxValue",
    SDC + "unitOpen": "units in the person's own words are not supported; list them as unitOption",
    CORE + "cqf-calculatedValue": "a value worked out by an expression is not supported here",
    CORE + "questionnaire-unitValueSet": "units from a value set are not supported; list them as unitOption",
    CORE + "questionnaire-referenceResource": "answers that refer to other records are not supported",
    CORE + "questionnaire-fhirType": "a FHIR type other than the item's own is not supported",
    CORE + "questionnaire-optionRestriction": "options that come and go are not supported",
}
# Where values come from on a server: a laptop has none, so they yield nothing here.
POPULATION = frozenset(
    {
        LAUNCH_CONTEXT,
        ITEM_POPULATION_CONTEXT,
        SDC + "sourceQueries",
        SDC + "sourceStructureMap",
        SDC + "observationLinkPeriod",
        SDC + "observation-linkPeriod",
        SDC + "preferredTerminologyServer",
    }
)
