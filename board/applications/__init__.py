"""依申请公开 and 复议诉讼 registers."""
