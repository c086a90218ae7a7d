//! From pieces to the search library's token stream.

use tantivy::tokenizer::{Token, TokenStream};

use super::Piece;

/// Plays pieces as tokens; the position of a token is its first character.
pub struct PieceStream<'a> {
    pieces: std::vec::IntoIter<Piece<'a>>,
    token: Token,
}

impl<'a> PieceStream<'a> {
    pub(super) fn new(pieces: Vec<Piece<'a>>) -> Self {
        Self {
            pieces: pieces.into_iter(),
            token: Token::default(),
        }
    }
}

impl TokenStream for PieceStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(piece) = self.pieces.next() else {
            return false;
        };
        self.token.reset();
        self.token.offset_from = piece.byte_start;
        self.token.offset_to = piece.byte_start + piece.text.len();
        self.token.position = piece.char_start;
        self.token.text.push_str(piece.text);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
