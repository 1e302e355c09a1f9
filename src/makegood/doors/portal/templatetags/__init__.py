"""The template words of the portal: promises and states as the reporter reads them."""
