"""What Keras 2 added to K: functions, convolutions, other meanings and spellings of arguments."""
