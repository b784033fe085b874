"""One fiche as it is read and edited: `sections` declares it, `sheet` reads it, `state` holds it now or at a version
somebody read, `editing` compares the two, `money` adds up its funding.
"""
