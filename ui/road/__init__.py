"""The parts of the pages on which a referral is decided and a piece of work is done."""
