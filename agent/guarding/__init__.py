"""The guardrail for chatbots of others: streams, LangChain models, LangGraph graphs, and a second opinion."""
