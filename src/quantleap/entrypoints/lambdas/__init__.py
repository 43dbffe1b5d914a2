"""Lambda functions: each turns its event into a request of the API, and the answer into API Gateway's."""
