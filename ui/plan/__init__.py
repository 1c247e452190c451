"""The support plan on the screen: needs and how they are met, who pays, what is still missing."""
