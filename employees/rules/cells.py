"""One cell as a clerk typed it; the words stand in the cellar."""

from bukittinggi_kinerja.common.cells import BadDate, Cell, LostDigits, as_choice, as_date, as_number_text, as_text

__all__ = ["BadDate", "Cell", "LostDigits", "as_choice", "as_date", "as_number_text", "as_text"]
