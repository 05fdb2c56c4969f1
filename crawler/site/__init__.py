"""What is known of workercn.cn, and nothing else in the project knows it."""
