"""Makes `ivr/model`: a small Vosk model of the words of a rating, from synthesised Mandarin.

`python -m ivr.training` needs the optional dependencies `training` and, from Debian, espeak-ng and
libfst-tools. Nothing here is needed to use the model.
"""
