-- Neovim as a client, headless: attaches `pydefrag lsp` to the buffer, waits for diagnostics, edits the buffer so
-- that they change, applies nothing. Prints one JSON line. vim.lsp.start_client exists from 0.5 on.
local binary = vim.env.PYDEFRAG
local function seen()
  return vim.tbl_map(function(d)
    return { line = d.lnum, column = d.col, code = d.code or d.user_data and d.user_data.lsp.code, source = d.source,
             message = d.message }
  end, vim.diagnostic.get(0))
end

local id = vim.lsp.start_client({ name = "pydefrag", cmd = { binary, "lsp" }, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, id)
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local first = seen()
vim.api.nvim_buf_set_lines(0, 0, 1, false, { "from shop.cart import Cart" })
vim.wait(20000, function() return #vim.diagnostic.get(0) == 0 end, 50)
print(vim.json.encode({ first = first, left = seen() }))
vim.lsp.stop_client(id)
vim.wait(2000, function() return vim.lsp.get_client_by_id(id) == nil end, 20)
vim.cmd("qall!")
