"""Files that come in: formats, encodings, headings, dates, runs and rejects; what the rows mean is the rooms' business."""
