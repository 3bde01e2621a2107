"""How well documents are read: files that this benchmark writes itself, against the truth that it wrote into them."""
