"""What is forgotten: chosen, walked, drawn anew, blanked, searched for, certified."""
