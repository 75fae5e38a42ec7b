"""`milepost push-keys`: makes the pair of keys by which browsers know whose pushes they take."""

import argparse
import base64

from milepost.faces.cli import Commands


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "push-keys", help="make a pair of VAPID keys for messages to browsers, and print it for the environment"
    )
    parser.set_defaults(run=push_keys, database=False)


def push_keys(asked: argparse.Namespace) -> int:
    """Print both keys as lines for the environment. The private one is a secret; with a new pair all browsers must ask anew."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    print(f"MILEPOST_VAPID_PRIVATE_KEY={_spelt(key.private_numbers().private_value.to_bytes(32, 'big'))}")
    print(f"MILEPOST_VAPID_PUBLIC_KEY={_spelt(point)}")
    return 0


def _spelt(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
