# Portail CLS. « make » affiche la liste des commandes.

VENV ?= .venv
PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
ARGS ?=

# Tools that write byte code only when this is unset start two to three times faster.
unexport PYTHONDONTWRITEBYTECODE
export VENV PORT JOBS

python := $(VENV)/bin/python
stamp = $(VENV)/.$(1)-$(shell cat requirements/$(1).txt | cksum | cut -d ' ' -f 1)
app := $(call stamp,app)
dev := $(call stamp,dev)

.PHONY: help demo install run test check fix bench reset

help: ## affiche cette liste
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(app) ## installe tout et lance la démonstration sur le port 8000 (PORT=… pour un autre)
	@.ci/demo

install: $(app) ## installe ce qu’il faut pour faire tourner le portail

run: $(dev) ## lance le serveur de développement
	@mkdir -p var/static
	DEBUG=1 $(python) manage.py migrate --verbosity 0
	DEBUG=1 $(python) manage.py runserver $(PORT)

test: $(dev) ## passe tous les tests, sur SQLite puis sur PostgreSQL (ARGS="-k mot" pour choisir)
	@.ci/test $(ARGS)

check: $(dev) ## vérifie le style du code et des gabarits, les migrations et les réglages de production
	@.ci/check

fix: $(dev) ## met en forme le code et met les espaces insécables
	$(python) -m ruff check --fix .
	$(python) -m tests.typography
	$(python) -m ruff format .

bench: $(dev) ## mesure la vitesse et écrit docs/benchmarks.md (ARGS=nom pour une seule mesure)
	@mkdir -p var
	$(python) -m tests.bench $(ARGS)

reset: ## efface les données de la démonstration et du développement (dossier var)
	rm -rf var

# A stamp bears the checksum of the requirement file it was made from: a second run installs nothing.
$(app) $(dev):
	@.ci/install $@
