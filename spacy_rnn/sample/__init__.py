"""The sample world: a small bilingual grammar that writes text with exact gold annotation."""
