"""What notebooks that were written for BertViz say, in its own imports.

What transformers 5 took away is written as it has it: ``outputs.attentions`` for ``outputs[-1]``
(which is the cross attention of an encoder, empty), ``tokenizer(…)`` for ``encode_plus``.
"""

SELF_ATTENTION = """
from transformers import AutoTokenizer, AutoModel, utils
from bertviz import head_view, model_view
utils.logging.set_verbosity_error()

model = AutoModel.from_pretrained(model_name, output_attentions=True)
tokenizer = AutoTokenizer.from_pretrained(model_name)
inputs = tokenizer.encode("the café walked", return_tensors='pt')
outputs = model(inputs)
attention = outputs.attentions
tokens = tokenizer.convert_ids_to_tokens(inputs[0])

head_view(attention, tokens)
head_view(attention, tokens, layer=1, heads=[1, 2])
model_view(attention, tokens)
model_view(attention, tokens, display_mode="light", include_layers=[0, 1])
"""

PAIR = """
from bertviz import head_view, model_view
from transformers import BertTokenizer, BertModel

model = BertModel.from_pretrained(model_name, output_attentions=True)
tokenizer = AutoTokenizer.from_pretrained(model_name)
sentence_a = "the café"
sentence_b = "the walk"
inputs = tokenizer(sentence_a, sentence_b, return_tensors='pt', return_token_type_ids=True)
input_ids = inputs['input_ids']
token_type_ids = inputs['token_type_ids']
attention = model(input_ids, token_type_ids=token_type_ids).attentions
sentence_b_start = token_type_ids[0].tolist().index(1)
input_id_list = input_ids[0].tolist()
tokens = tokenizer.convert_ids_to_tokens(input_id_list)

head_view(attention, tokens, sentence_b_start)
model_view(attention, tokens, sentence_b_start)
"""

ENCODER_DECODER = """
from bertviz import model_view, head_view

outputs = model(
    input_ids=encoder_input_ids,
    decoder_input_ids=decoder_input_ids,
    output_attentions=True
)
for view in (model_view, head_view):
    view(
        encoder_attention=outputs.encoder_attentions,
        decoder_attention=outputs.decoder_attentions,
        cross_attention=outputs.cross_attentions,
        encoder_tokens=encoder_text,
        decoder_tokens=decoder_text
    )
"""

NEURON = """
from bertviz.transformers_neuron_view import BertModel, BertTokenizer
from bertviz.neuron_view import show

model_type = 'bert'
model_version = model_name
do_lower_case = True
sentence_a = "the café"
sentence_b = "the walk"
model = BertModel.from_pretrained(model_version, output_attentions=True)
tokenizer = BertTokenizer.from_pretrained(model_version, do_lower_case=do_lower_case)
show(model, model_type, tokenizer, sentence_a, sentence_b, display_mode='dark', layer=1, head=3)
"""

NEURON_GPT2 = """
from bertviz.transformers_neuron_view import GPT2Model, GPT2Tokenizer
from bertviz.neuron_view import show

model_type = 'gpt2'
model = GPT2Model.from_pretrained(model_name)
tokenizer = GPT2Tokenizer.from_pretrained(model_name)
text = "The café"
show(model, model_type, tokenizer, text, display_mode='light', head=2)
"""

NEURON_ROBERTA = """
from bertviz.transformers_neuron_view import RobertaModel, RobertaTokenizer
from bertviz.neuron_view import show

model_type = 'roberta'
model = RobertaModel.from_pretrained(model_name, output_attentions=True)
tokenizer = RobertaTokenizer.from_pretrained(model_name)
show(model, model_type, tokenizer, "The café", "walked", display_mode='dark')
"""

PAGE = """
from bertviz import head_view

html_head_view = head_view(attention, tokens, html_action='return')
with open(path, 'w') as file:
    file.write(html_head_view.data)
"""
