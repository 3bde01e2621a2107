"""rag.cli.app"""
