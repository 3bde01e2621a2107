# The command line: docker compose run --rm app ingest /dump --kb manuals
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/rag
ENV PATH=/opt/rag/bin:$PATH
WORKDIR /src
# RAG_EXTRAS=full,heic: as in pip's brackets. torch by itself and from its own index: that of PyPI brings several GB of CUDA.
ARG RAG_EXTRAS=
RUN case ",$RAG_EXTRAS," in *,full,*) pip install --index-url https://download.pytorch.org/whl/cpu torch==2.13.0 ;; esac
COPY pyproject.toml constraints.txt hatch_build.py README.md LICENSE ./
COPY rag rag
COPY ingest ingest
COPY prompts prompts
COPY examples examples
RUN pip install -c constraints.txt ".${RAG_EXTRAS:+[$RAG_EXTRAS]}"

FROM ${PYTHON_IMAGE}
ARG RAG_EXTRAS=
RUN case ",$RAG_EXTRAS," in *,archives,*) \
      apt-get update && apt-get install -y --no-install-recommends libarchive13 && rm -rf /var/lib/apt/lists/* ;; esac
RUN useradd --uid 10001 --create-home --home-dir /data rag
COPY --from=build /opt/rag /opt/rag
ENV PATH=/opt/rag/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    RAG_DATA_DIR=/data
# The volume on /data takes its owner from the image.
USER 10001
WORKDIR /data
# Of 'rag serve'; whoever runs another command in it has no use for a health check ('docker run --no-healthcheck').
HEALTHCHECK --interval=30s --timeout=10s --retries=3 --start-period=60s CMD ["python", "-c", \
  "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('RAG_SERVE_PORT', 8642)}/healthz\", timeout=5)"]
CMD ["rag", "--help"]
