import torch


def run({arguments}):
    outputs = outputs.permute({output_axes}).double()
    {weights}
    lses = lses.permute({lse_axes}).double() * {nats}
    empty = torch.isinf(lses) | torch.isnan(lses){finite_mark}
    lses = torch.where(empty, torch.full_like(lses, float("-inf")), lses)
    top = lses.amax(0)
    top = torch.where(torch.isinf(top), torch.zeros_like(top), top)
    weights = torch.exp(lses - top)
    total = weights.sum(0)
    outputs = torch.where(empty.unsqueeze(-1), torch.zeros_like(outputs), outputs)
    merged = (weights.unsqueeze(-1) * outputs).sum(0)
    merged = merged / torch.where(total == 0, torch.ones_like(total), total).unsqueeze(-1)
    merged_lses = (top + torch.log(total)) / {answered_nats}
    merged_lses = torch.where(total == 0, torch.full_like(total, float("{returned}")), merged_lses)
    return merged.permute({answer_axes}).to(torch.{answer}), merged_lses.permute({answer_lse_axes}).to(torch.float32)
