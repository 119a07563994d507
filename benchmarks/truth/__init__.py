"""What the faithfulness of the methods is measured on, and how."""
