"""FHIR Questionnaires: compiled once, then answered, enabled, calculated and checked."""
