"""What an occupational therapist works with on the screen: drawings, measures, photos, what fits."""
