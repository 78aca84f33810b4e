"""The functions and limits of accounts, measured on coded posts; nothing here touches a file."""
