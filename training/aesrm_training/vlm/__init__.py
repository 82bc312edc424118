"""Tiny vision-language models of the real architectures, for the tests of local models. Needs requirements-vlm.txt."""
