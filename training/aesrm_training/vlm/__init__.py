"""A tiny vision-language model of the real Qwen2-VL architecture, for the tests of local models. Needs requirements-vlm.txt."""
