"""What may mend a layer that breaks: each file holds one kind of mistake and the edits that undo it."""
