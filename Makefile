# Every command does its own set-up: .ci/setup installs what is missing and leaves a stamp.
.PHONY: run test check bench nightly dist windows lock licences

# With no display the demonstration runs offscreen and leaves its PDFs and screenshots in out/demo.
run:
	@.ci/setup run
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	    .venv/bin/ascdesk demo; \
	else \
	    echo "No display here: running the demonstration offscreen. It leaves its files in out/demo."; \
	    rm -rf out/demo; \
	    .venv/bin/ascdesk demo --headless --out out/demo && \
	    echo "Copies for the person: out/demo/assessment.pdf and out/demo/support-plan.pdf" && \
	    echo "Screenshots: out/demo/screens/    Figures: out/demo/summary.json"; \
	fi

test:
	@.ci/setup test
	.venv/bin/pytest -v -n 2 --durations=10

check:
	@.ci/setup test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Prints a table and writes bench.json; never part of the tests.
bench:
	@.ci/setup test
	.venv/bin/python -m tests.bench

nightly:
	@.ci/setup test
	HYPOTHESIS_PROFILE=nightly .venv/bin/pytest -n 2 -m "nightly or not nightly" --timeout=3600 -o faulthandler_timeout=25000

# Freeze the program for the platform it runs on, into dist/ascdesk, and try what was frozen.
dist:
	@.ci/setup test
	.venv/bin/pyinstaller --noconfirm build.spec
	.ci/try_frozen dist/ascdesk/ascdesk

# The desktop's tests, the frozen program and the demonstration under Windows' Python (docs/windows.md).
windows:
	@.ci/windows

# Pin again; UPGRADE=--upgrade takes newer versions.
lock:
	@.ci/setup test
	.ci/lock $(UPGRADE)

# docs/third-party.md from the packages' own metadata.
licences:
	@.ci/setup test
	.venv/bin/python .ci/third_party.py
