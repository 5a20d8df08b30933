"""Changes told as patches: JSON Patch and FHIRPath Patch, each giving the whole resource as it will be."""
