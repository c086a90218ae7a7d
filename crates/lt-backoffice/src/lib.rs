//! What the server does: answers, hands over, routes, manages the FAQ.
