"""The local server: the API's routes over HTTP, by Starlette under uvicorn."""
