//! The central server and its admin commands (binary lingtai).
