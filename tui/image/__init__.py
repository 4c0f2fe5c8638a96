"""What is inside an image: layers, files, where the bytes went, two images compared. No Textual, no docker."""
