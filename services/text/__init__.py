"""Reading text: numbers, dates, phones, identifiers, regions; sentences and names; in Chinese and English."""
