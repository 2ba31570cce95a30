"""Why a request about printers and copies is turned down."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class PrinterAddressInvalid(Refusal):
    """Not an address of a private network or of this machine, or not a port for raw jobs."""

    code = "printer_address_invalid"


class PaperWidthInvalid(Refusal):
    """Neither 58 nor 80 mm."""

    code = "paper_width_invalid"


class PrinterTaken(Refusal):
    """Another printer of the edition has this address and port."""

    code = "printer_taken"


class NoPrinter(Refusal):
    """The booth has no printer that the server reaches."""

    code = "no_printer"
    status = 409


class TooManyJobs(Refusal):
    """`most` jobs wait for this printer already."""

    code = "too_many_print_jobs"
    status = 429


class JobNotEnded(Refusal):
    """The job still waits."""

    code = "print_job_waiting"
