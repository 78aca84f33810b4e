"""An encoder with two heads: one for codes, one for forms."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch

from govcode.codebook.model import Codebook


class Network(torch.nn.Module):
    """Mean of the encoder's last states, then a score per code and per form."""

    def __init__(self, encoder: Any, codes: int, forms: int) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.dropout = torch.nn.Dropout(0.1)
        self.codes = torch.nn.Linear(width, codes)
        self.forms = torch.nn.Linear(width, forms) if forms else None
        takes_types = "token_type_ids" in inspect.signature(encoder.forward).parameters
        self.types = int(getattr(encoder.config, "type_vocab_size", 0) or 0) if takes_types else 0

    def forward(self, ids: Any, types: Any, mask: Any = None) -> tuple[Any, Any]:
        """Return log-probabilities of codes and forms (None without forms); `mask` is 1 where a token is."""
        segments = {"token_type_ids": types.clamp(max=self.types - 1)} if self.types else {}
        states = self.encoder(input_ids=ids, attention_mask=mask, **segments).last_hidden_state
        if mask is None:
            mean = states.mean(dim=1)
        else:
            kept = mask.unsqueeze(-1).to(states.dtype)
            mean = (states * kept).sum(dim=1) / kept.sum(dim=1)
        mean = self.dropout(mean)
        forms = None if self.forms is None else torch.log_softmax(self.forms(mean), dim=-1)
        return torch.log_softmax(self.codes(mean), dim=-1), forms


class Combined(torch.nn.Module):
    """What is exported: per code the sum of the logarithms of two probabilities, its own and its forms'.

    A code without forms counts its own twice.
    """

    def __init__(self, network: Network, codebook: Codebook, forms: Sequence[str]) -> None:
        super().__init__()
        self.network = network
        owner = {form.id: form.code for form in codebook.forms}
        own = torch.tensor([[owner[form] == code for form in forms] for code in codebook.ids])
        self.register_buffer("own", own, persistent=False)

    def forward(self, ids: Any, types: Any) -> Any:
        """Return totals of codes, and log-probabilities of forms where there are any."""
        codes, forms = self.network(ids, types)
        if forms is None:
            return codes

        of_code = torch.where(self.own, forms.unsqueeze(1), torch.full((), -1e4))
        by_form = torch.logsumexp(of_code, dim=-1)
        return codes + torch.where(self.own.any(dim=1), by_form, codes), forms
