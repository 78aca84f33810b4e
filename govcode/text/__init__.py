"""What happens to text before it is coded: cleaning and segmentation. The user's text is never altered."""
