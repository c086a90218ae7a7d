//! Understands a customer's message: ranks FAQ entries, decides, classifies, explains.
