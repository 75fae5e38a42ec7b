"""How Milepost's pages look: the style sheet, the page's frame, small pieces of templates, errors in plain words."""
