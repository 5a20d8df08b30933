"""Entry of the authorization server's process: main.py FOLDER-OF-THE-DEMO FIRST-PORT."""

import sys
import time
from functools import partial
from pathlib import Path

from services.chassis.logs import configure_logs
from services.chassis.server import serve
from services.demo.addresses import HOST, Addresses
from services.demo.authorization_server.app import authorization_app
from services.demo.authorization_server.issue import Issuer
from services.demo.credentials import client_secrets, patient_of, signing_key
from services.demo.demo_directory import DemoDirectory
from services.demo.personas import clients


def main() -> None:
    """Serve until told to stop."""
    directory, addresses = DemoDirectory(Path(sys.argv[1])), Addresses(int(sys.argv[2]))
    configure_logs("demo-authorization-server")
    known = clients()
    issuer = Issuer(
        name=addresses.issuer,
        audience=addresses.public_base,
        key=signing_key(directory),
        clients=known,
        secrets=client_secrets(directory, known),
        patient_of=partial(patient_of, directory),
        clock=time.time,
    )
    serve(authorization_app(issuer), HOST, addresses.port("authorization server"))


if __name__ == "__main__":
    main()
