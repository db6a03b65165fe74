import torch


def run(q, k_cache, v_cache, kv_indptr, kv_indices, kv_last_page_len, sm_scale):
    heads, kv_heads, page_size = q.shape[1], k_cache.shape[2], k_cache.shape[1]
    output = torch.zeros(q.shape[0], heads, v_cache.shape[-1], dtype=torch.float64)
    lse = torch.full((q.shape[0], heads), float("{empty}"), dtype=torch.float64)
    for row in range(q.shape[0]):
        pages = kv_indices[kv_indptr[row] : kv_indptr[row + 1]]
        if len(pages) == 0:
            continue
        tokens = (len(pages) - 1) * page_size + int(kv_last_page_len[row])
        k = k_cache[pages].flatten(0, 1)[:tokens].double()
        v = v_cache[pages].flatten(0, 1)[:tokens].double()
        for head in range(heads):
            kv_head = head // (heads // kv_heads)
            scores = (k[:, kv_head] @ q[row, head].double()) * sm_scale
            lse[row, head] = torch.logsumexp(scores, 0) / {nats}
            output[row, head] = torch.softmax(scores, 0) @ v[:, kv_head]
    return output.permute({answer_axes}).to(torch.{answer}), lse.permute({answer_lse_axes}).to(torch.float32)
