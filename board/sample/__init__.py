"""The sample bureau (样例): an invented county office with a written year, so that everything can be tried at once."""

from board.models import Role

#: Known to everybody: sample accounts sign in from the same machine only (board.staff.accounts.sign_in).
SAMPLE_PASSWORD = "Yunxi-2016-Sample"  # noqa: S105  # printed by init and run

#: login -> role and name shown
SAMPLE_ACCOUNTS = {
    "clerk": (Role.editor, "经办人（样例）"),
    "signer": (Role.approver, "签发人（样例）"),
    "manager": (Role.manager, "管理者（样例）"),
    "admin": (Role.admin, "系统管理员（样例）"),
}

#: import_source of the written history
SAMPLE_SOURCE = "sample"
