"""Reading the trail: lines found for one viewer, each told as a sentence with the names as they are today."""
