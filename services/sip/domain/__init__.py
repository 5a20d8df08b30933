"""The rules of care and law; no input or output here."""
