"""Cells in the manner of BertViz's example notebooks, with its imports.

One for each kind of call that those notebooks make. What transformers 5 took away is written as it
has it: ``.attentions`` for a BERT's ``[-1]`` (its cross attention, empty), ``tokenizer(…)`` for
``encode_plus``, ``text_target=`` for ``as_target_tokenizer``. Models are folders of these names.
"""

HEAD_DISTILBERT = """
from transformers import AutoTokenizer, AutoModel, utils
from bertviz import head_view
utils.logging.set_verbosity_error()

tokenizer = AutoTokenizer.from_pretrained("distilbert")
model = AutoModel.from_pretrained("distilbert", output_attentions=True)
inputs = tokenizer.encode("The fox waited by the door", return_tensors='pt')
outputs = model(inputs)
attention = outputs[-1]
tokens = tokenizer.convert_ids_to_tokens(inputs[0])
head_view(attention, tokens)
"""

HEAD_OPENED = (
    HEAD_DISTILBERT
    + """
head_view(attention, tokens, layer=2, heads=[3, 1], include_layers=[0, 2])
"""
)

MODEL_DISTILBERT = HEAD_DISTILBERT.replace("head_view", "model_view")

MODEL_BERT_PAIR = """
from bertviz import model_view
from transformers import AutoTokenizer, AutoModel

model = AutoModel.from_pretrained("bert", output_attentions=True)
tokenizer = AutoTokenizer.from_pretrained("bert")
pair = tokenizer("the owl slept", "The fox waited by the door", return_tensors='pt')
ids = pair['input_ids']
types = pair['token_type_ids']
attention = model(ids, token_type_ids=types).attentions
sentence_b_start = types[0].tolist().index(1)
tokens = tokenizer.convert_ids_to_tokens(ids[0].tolist())
model_view(attention, tokens, sentence_b_start)
"""

HEAD_BERT_PAIR = MODEL_BERT_PAIR.replace("model_view", "head_view")

MODEL_BART = """
from transformers import AutoTokenizer, AutoModel
from bertviz import model_view

tokenizer = AutoTokenizer.from_pretrained("bart")
model = AutoModel.from_pretrained("bart", output_attentions=True)
source = tokenizer("the owl slept in the barn", return_tensors="pt").input_ids
target = tokenizer("the old owl slept", return_tensors="pt").input_ids
outputs = model(input_ids=source, decoder_input_ids=target)
model_view(
    encoder_attention=outputs.encoder_attentions,
    decoder_attention=outputs.decoder_attentions,
    cross_attention=outputs.cross_attentions,
    encoder_tokens=tokenizer.convert_ids_to_tokens(source[0]),
    decoder_tokens=tokenizer.convert_ids_to_tokens(target[0])
)
"""

MODEL_MARIAN = """
from transformers import AutoTokenizer, AutoModel
from bertviz import model_view

tokenizer = AutoTokenizer.from_pretrained("marian")
model = AutoModel.from_pretrained("marian", output_attentions=True)
source = tokenizer("He reads the old book.", return_tensors="pt").input_ids
target = tokenizer(text_target="Er liest das alte Buch.", return_tensors="pt").input_ids
outputs = model(input_ids=source, decoder_input_ids=target)
source_text = tokenizer.convert_ids_to_tokens(source[0])
target_text = tokenizer.convert_ids_to_tokens(target[0])
model_view(
    encoder_attention=outputs.encoder_attentions,
    decoder_attention=outputs.decoder_attentions,
    cross_attention=outputs.cross_attentions,
    encoder_tokens=source_text,
    decoder_tokens=target_text
)
"""

HEAD_MARIAN = MODEL_MARIAN.replace("model_view", "head_view")

NEURON_BERT = """
from bertviz.transformers_neuron_view import BertModel, BertTokenizer
from bertviz.neuron_view import show

model_type = 'bert'
model = BertModel.from_pretrained("bert")
tokenizer = BertTokenizer.from_pretrained("bert", do_lower_case=True)
first = "The owl slept"
second = "A fox waited by the door"
show(model, model_type, tokenizer, first, second, display_mode='dark', layer=2, head=1)
"""

NEURON_GPT2 = """
from bertviz.transformers_neuron_view import GPT2Model, GPT2Tokenizer
from bertviz.neuron_view import show

model_type = 'gpt2'
model = GPT2Model.from_pretrained("gpt2")
tokenizer = GPT2Tokenizer.from_pretrained("gpt2")
show(model, model_type, tokenizer, "the owl slept in the barn", display_mode='dark')
"""

NEURON_ROBERTA = """
from bertviz.transformers_neuron_view import RobertaModel, RobertaTokenizer
from bertviz.neuron_view import show

model_type = 'roberta'
model = RobertaModel.from_pretrained("roberta")
tokenizer = RobertaTokenizer.from_pretrained("roberta")
first = "the owl slept"
second = "A fox waited"
show(model, model_type, tokenizer, first, second)
"""

PAGE = (
    HEAD_BERT_PAIR
    + """
html_head_view = head_view(attention, tokens, sentence_b_start, layer=1, html_action='return')
with open("head_view.html", 'w') as file:
    file.write(html_head_view.data)
"""
)
