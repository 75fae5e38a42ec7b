"""How numbers are written where Django has it otherwise than our letters."""
