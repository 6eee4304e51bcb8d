"""Two profiles of one person made one, with nothing lost, and taken apart again where nothing has changed since."""
