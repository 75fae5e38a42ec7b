"""Orders as they are taken: by phone, from files and documents, from requests that a person completes."""
